package rpc

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The slow reference: the same protocol said with net/url and crypto/hmac. The
// fast path is tested equal to it.

// referenceParse returns the parameters of a request, and false when it must be
// refused.
func referenceParse(query, form string) (url.Values, bool) {
	inQuery, queryErr := url.ParseQuery(query)
	inForm, formErr := url.ParseQuery(form)
	merged := url.Values{}
	ok := queryErr == nil && formErr == nil
	for _, values := range []url.Values{inQuery, inForm} {
		for name, list := range values {
			for _, value := range list {
				if merged.Has(name) && merged.Get(name) != value {
					ok = false
				}
				merged.Set(name, value)
				ok = ok && referenceIsText(name) && referenceIsText(value)
			}
		}
	}
	return merged, ok
}

func referenceIsText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !strings.ContainsRune("\t\n\r", r)
	}) < 0
}

func referenceEncode(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

func referenceStringToSign(method string, values url.Values) string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var canonical []string
	for _, name := range names {
		if name != "Signature" {
			canonical = append(canonical, referenceEncode(name)+"="+referenceEncode(values.Get(name)))
		}
	}
	return method + "&" + referenceEncode("/") + "&" + referenceEncode(strings.Join(canonical, "&"))
}

func referenceSignature(secret, stringToSign string) string {
	mac := hmac.New(sha1.New, []byte(secret+"&"))
	mac.Write([]byte(stringToSign))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

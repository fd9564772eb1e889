package files

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// use is what may be done with a file.
type use string

const (
	get use = "GET"
	put use = "PUT" // Also by the form of a POST.
)

// grant is what a signature allows: one use of one file, until a time.
type grant struct {
	use     use
	id      string
	expires int64 // Unix seconds.
}

// text is what is signed. An id has no line end, so no two grants have one text.
func (g grant) text() string {
	return string(g.use) + "\n" + g.id + "\n" + strconv.FormatInt(g.expires, 10)
}

func (g grant) expired(now time.Time) bool { return now.Unix() >= g.expires }

// signer signs grants with HMAC-SHA256.
type signer struct{ secret []byte }

func (s signer) sign(g grant) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte(g.text()))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// signed reports whether the signature is of this grant, in a time that does
// not depend on where they differ.
func (s signer) signed(g grant, signature string) bool {
	return hmac.Equal([]byte(s.sign(g)), []byte(signature))
}

// url returns the URL that carries a grant.
func (f *Files) url(g grant) string {
	return f.o.URL + Path + g.id + "?Expires=" + strconv.FormatInt(g.expires, 10) + "&Signature=" + f.signer.sign(g)
}

var errNoGrant = errors.New("the URL carries no grant")

// parseURL reads what a URL claims to be; only the use is not in it. The host
// is not looked at: a server may have many names.
func parseURL(signed string) (g grant, signature string, err error) {
	u, err := url.Parse(signed)
	if err != nil {
		return g, "", errNoGrant
	}
	before, id, found := strings.Cut(u.Path, Path)
	if !found || before != "" && !strings.HasPrefix(before, "/") {
		return g, "", errNoGrant
	}
	return parseGrant(id, u.RawQuery)
}

func parseGrant(id, query string) (g grant, signature string, err error) {
	values, err := url.ParseQuery(query)
	if err != nil || !isID(id) {
		return g, "", errNoGrant
	}
	g.id, signature = id, values.Get("Signature")
	g.expires, err = strconv.ParseInt(values.Get("Expires"), 10, 64)
	if err != nil || signature == "" {
		return g, "", errNoGrant
	}
	return g, signature, nil
}

// isID reports whether a text can be the id of a file. What is none of a path
// to get out by never reaches the bucket.
func isID(id string) bool {
	for i := range len(id) {
		switch c := id[i]; {
		case '0' <= c && c <= '9', 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', c == '-', c == '_':
		default:
			return false
		}
	}
	return id != "" && len(id) <= 128
}

// policy is a grant in the form field of an upload, as clients of object
// storage send it: they take it as it is.
func (g grant) policy() string { return base64.StdEncoding.EncodeToString([]byte(g.text())) }

// parsePolicy is the inverse of policy. The grant is as good as its signature.
func parsePolicy(policy string) (g grant, err error) {
	text, err := base64.StdEncoding.DecodeString(policy)
	if err != nil {
		return g, errNoGrant
	}
	fields := strings.Split(string(text), "\n")
	if len(fields) != 3 || !isID(fields[1]) {
		return g, errNoGrant
	}
	g.use, g.id = use(fields[0]), fields[1]
	if g.expires, err = strconv.ParseInt(fields[2], 10, 64); err != nil || g.policy() != policy {
		return g, errNoGrant
	}
	return g, nil
}

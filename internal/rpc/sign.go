package rpc

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"hash"
	"net/url"
	"time"
)

// timestampLayout is how times stand in a request, always UTC.
const timestampLayout = "2006-01-02T15:04:05Z"

// signatureSize is the length of a signature: HMAC-SHA1 in base64.
const signatureSize = 28

// signer makes signatures. It keeps the hash of the last secret, because most
// of the cost of an HMAC this short is in preparing its key.
//
// The zero signer is ready to use; one signer is for one goroutine at a time.
type signer struct {
	secret string
	mac    hash.Hash
	sum    [sha1.Size]byte
	text   [signatureSize]byte
}

// sign returns the signature of a string to sign. It is valid until the next.
func (s *signer) sign(secret string, stringToSign []byte) []byte {
	if s.mac == nil || s.secret != secret {
		s.secret, s.mac = secret, hmac.New(sha1.New, []byte(secret+"&"))
	} else {
		s.mac.Reset()
	}
	s.mac.Write(stringToSign)
	base64.StdEncoding.Encode(s.text[:], s.mac.Sum(s.sum[:0]))
	return s.text[:]
}

// Credentials are an access key with what makes a request unique in time.
type Credentials struct {
	AccessKeyID     string
	AccessKeySecret string
	Nonce           string    // Never used before with this key.
	Time            time.Time // When the request is made.
}

// SignQuery returns the URL-encoded query, or form, of a request with the given
// parameters: the common parameters are filled in where they are absent, the
// signature is added. It is what a client sends with the given method.
func SignQuery(method string, parameters map[string]string, c Credentials) (string, error) {
	all := map[string]string{
		"AccessKeyId":      c.AccessKeyID,
		"Format":           "JSON",
		"SignatureMethod":  "HMAC-SHA1",
		"SignatureNonce":   c.Nonce,
		"SignatureVersion": "1.0",
		"Timestamp":        c.Time.UTC().Format(timestampLayout),
	}
	for name, value := range parameters {
		all[name] = value
	}
	delete(all, "Signature")

	values := url.Values{}
	for name, value := range all {
		values.Set(name, value)
	}
	var p params
	if err := p.parse(values.Encode(), nil); err != nil {
		return "", err
	}
	var s signer
	signature := s.sign(c.AccessKeySecret, stringToSign(nil, method, &p))

	var query []byte
	for _, one := range append(p.pairs, pair{name: []byte("Signature"), value: signature}) {
		if len(query) > 0 {
			query = append(query, '&')
		}
		query = appendEncoded(query, string(one.name))
		query = append(query, '=')
		query = appendEncoded(query, string(one.value))
	}
	return string(query), nil
}

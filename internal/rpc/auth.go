package rpc

import (
	"bytes"
	"context"
	"crypto/subtle"
	"strings"
	"time"
)

// Keys finds the secret of an access key. It must be safe for concurrent use.
type Keys interface {
	// Secret returns the secret of the key, and false when there is no such key.
	Secret(ctx context.Context, id string) (secret string, ok bool, err error)
}

// StaticKeys is a fixed set of access keys: secrets by id.
type StaticKeys map[string]string

// Secret returns the secret of the key.
func (k StaticKeys) Secret(_ context.Context, id string) (string, bool, error) {
	secret, ok := k[id]
	return secret, ok, nil
}

// guard lets requests through that are signed by a known key, made in our time,
// and new.
type guard struct {
	keys   Keys
	nonces *nonces
}

// credentials are the parameters that a request proves its origin with.
type credentials struct {
	id, nonce, signature []byte
	timestamp            time.Time
}

// check proves a request. The nonce is used up only after the signature proved
// right, so nobody can use up the nonces of others.
func (g *guard) check(ctx context.Context, method string, x *exchange, now time.Time) error {
	c, err := x.credentials()
	if err != nil {
		return err
	}
	secret, ok, err := g.keys.Secret(ctx, string(c.id))
	if err != nil {
		return err
	}
	if !ok {
		return keyNotFound()
	}
	if c.timestamp.Before(now.Add(-window)) || c.timestamp.After(now.Add(window)) {
		return timestampExpired()
	}
	x.toSign = stringToSign(x.toSign[:0], method, &x.params)
	if subtle.ConstantTimeCompare(x.signer.sign(secret, x.toSign), c.signature) != 1 {
		return signatureMismatch(x.toSign)
	}
	switch g.nonces.use(c.id, c.nonce, c.timestamp) {
	case nonceKnown:
		return nonceUsed()
	case nonceFull:
		return Throttled(g.nonces.room(now))
	}
	return nil
}

// credentials reads the common parameters. What says who sent the request and
// when is a parameter like others; what makes up the signature is refused as an
// incomplete signature.
func (x *exchange) credentials() (credentials, error) {
	p := &x.params
	c := credentials{id: p.get("AccessKeyId"), nonce: p.get("SignatureNonce"), signature: p.get("Signature")}
	switch {
	case len(c.id) == 0:
		return c, MissingParameter("AccessKeyId")
	case len(c.signature) == 0:
		return c, incompleteSignature("Signature is missing.")
	case !equalFold(p.get("SignatureMethod"), "HMAC-SHA1"):
		return c, incompleteSignature("SignatureMethod must be HMAC-SHA1.")
	case string(p.get("SignatureVersion")) != "1.0":
		return c, incompleteSignature("SignatureVersion must be 1.0.")
	case len(p.get("SignatureType")) > 0:
		return c, incompleteSignature("SignatureType must be empty or absent.")
	case len(c.nonce) == 0:
		return c, MissingParameter("SignatureNonce")
	}
	var err error
	c.timestamp, err = p.timestamp()
	return c, err
}

// timestamp returns the time the request says it was made; the reference's own
// examples also spell the parameter TimeStamp.
func (p *params) timestamp() (time.Time, error) {
	text, other := p.get("Timestamp"), p.get("TimeStamp")
	switch {
	case len(text) == 0:
		text = other
	case len(other) > 0 && !bytes.Equal(text, other):
		return time.Time{}, InvalidParameter("Timestamp", "It is given twice with different values.")
	}
	if len(text) == 0 {
		return time.Time{}, MissingParameter("Timestamp")
	}
	t, err := time.Parse(timestampLayout, string(text))
	if err != nil || len(text) != len(timestampLayout) {
		return time.Time{}, InvalidParameter("Timestamp", "It must be a time in UTC written YYYY-MM-DDThh:mm:ssZ.")
	}
	return t, nil
}

func equalFold(text []byte, want string) bool {
	return len(text) == len(want) && strings.EqualFold(string(text), want)
}

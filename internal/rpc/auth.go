package rpc

import (
	"bytes"
	"context"
	"crypto/subtle"
	"strings"
	"time"
)

// Key is an access key: what requests are signed with, and what they may do.
type Key struct {
	ID     string
	Secret string
	Policy Policy // Which actions the key may use; nil: every one.
}

// Policy says what a key may do. It must be safe for concurrent use.
type Policy interface {
	// Allows reports whether the key may use the action of that name.
	Allows(action string) bool
}

// Keys finds access keys. It must be safe for concurrent use.
type Keys interface {
	// Key returns the key of that id, which must not be kept, for a request
	// that came at the given time; nil when there is no such key. Nobody
	// changes the key that is returned.
	Key(ctx context.Context, id []byte, now time.Time) (*Key, error)
}

// StaticKeys returns a fixed set of access keys, secrets by id, that may use
// every action.
func StaticKeys(secrets map[string]string) Keys {
	keys := make(staticKeys, len(secrets))
	for id, secret := range secrets {
		keys[id] = &Key{ID: id, Secret: secret}
	}
	return keys
}

type staticKeys map[string]*Key

func (k staticKeys) Key(_ context.Context, id []byte, _ time.Time) (*Key, error) {
	return k[string(id)], nil
}

// guard lets requests through that are signed by a known key, made in our time,
// within the limit of the key, and new.
type guard struct {
	keys   Keys
	limits *limits
	nonces *nonces
}

// credentials are the parameters that a request proves its origin with.
type credentials struct {
	id, nonce, signature []byte
	timestamp            time.Time
}

// check proves a request and returns its key. The limit and the nonce are used
// up only after the signature proved right, so nobody can use up those of others.
func (g *guard) check(ctx context.Context, method string, x *exchange, now time.Time) (*Key, error) {
	c, err := x.credentials()
	if err != nil {
		return nil, err
	}
	key, err := g.keys.Key(ctx, c.id, now)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, keyNotFound()
	}
	if c.timestamp.Before(now.Add(-window)) || c.timestamp.After(now.Add(window)) {
		return nil, timestampExpired()
	}
	x.toSign = stringToSign(x.toSign[:0], method, &x.params)
	if subtle.ConstantTimeCompare(x.signer.sign(key.Secret, x.toSign), c.signature) != 1 {
		return nil, signatureMismatch(x.toSign)
	}
	if wait := g.limits.take(key.ID, now); wait > 0 {
		return nil, Throttled(wait)
	}
	switch g.nonces.use(c.id, c.nonce, c.timestamp) {
	case nonceKnown:
		return nil, nonceUsed()
	case nonceFull:
		return nil, Throttled(g.nonces.room(now))
	}
	return key, nil
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

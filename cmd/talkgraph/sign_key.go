package main

import (
	"crypto/rand"
	"errors"
	"os"
)

// The environment variables of the access key, for serve and sign alike.
const (
	keyIDVariable     = "TALKGRAPH_ACCESS_KEY_ID"
	keySecretVariable = "TALKGRAPH_ACCESS_KEY_SECRET"
)

// accessKey is what requests are signed with.
type accessKey struct {
	id, secret string
	random     bool // Made up, so it must be told.
}

// accessKeyFromEnvironment returns the access key of the environment, a random
// one when there is none.
func accessKeyFromEnvironment() (accessKey, error) {
	key := accessKey{id: os.Getenv(keyIDVariable), secret: os.Getenv(keySecretVariable)}
	if (key.id == "") != (key.secret == "") {
		return key, errors.New("set both " + keyIDVariable + " and " + keySecretVariable + ", or neither for a random key")
	}
	if key.id == "" {
		key = accessKey{id: rand.Text(), secret: rand.Text(), random: true}
	}
	return key, nil
}

package main

import (
	"errors"
	"os"
)

// The environment variables of the access key, for serve and sign alike.
const (
	keyIDVariable     = "TALKGRAPH_ACCESS_KEY_ID"
	keySecretVariable = "TALKGRAPH_ACCESS_KEY_SECRET"
)

// accessKey is what requests are signed with.
type accessKey struct{ id, secret string }

// accessKeyFromEnvironment returns the access key of the environment, an empty
// one when there is none.
func accessKeyFromEnvironment() (accessKey, error) {
	key := accessKey{id: os.Getenv(keyIDVariable), secret: os.Getenv(keySecretVariable)}
	if (key.id == "") != (key.secret == "") {
		return key, errors.New("set both " + keyIDVariable + " and " + keySecretVariable + ", or neither")
	}
	return key, nil
}

package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Policy says which actions a key may use. It is immutable and safe for
// concurrent use. Make one with [ParsePolicy].
//
// A document looks like this:
//
//	{"Version": "1", "Statement": [
//		{"Effect": "Allow", "Action": ["outboundbot:List*", "outboundbot:Dialogue"], "Resource": "*"},
//		{"Effect": "Deny", "Action": "outboundbot:ListInstance?", "Resource": "*"}
//	]}
//
// In the name of an action * stands for any characters and ? for one; case does
// not matter. What no statement allows is denied, and what one denies is denied
// whatever others allow.
type Policy struct {
	allow, deny []string // Patterns of names, in lower case.
}

// Names of the policies that are always there.
const (
	FullAccess     = "AliyunOutboundbotFullAccess"
	ReadOnlyAccess = "AliyunOutboundbotReadOnlyAccess"
)

// Bounds of a policy.
const (
	maxDocument   = 6 << 10 // Bytes.
	maxStatements = 100
)

// service is whose actions a policy is about.
const service = "outboundbot:"

type policyDocument struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Effect   string
	Action   stringOrList
	Resource stringOrList
}

// stringOrList is a JSON string, or an array of them.
type stringOrList []string

func (l *stringOrList) UnmarshalJSON(data []byte) error {
	var one *string
	if json.Unmarshal(data, &one) == nil && one != nil {
		*l = stringOrList{*one}
		return nil
	}
	var list []*string
	if json.Unmarshal(data, &list) != nil || len(list) == 0 {
		return errors.New("it must be a string or a list of strings")
	}
	for _, element := range list {
		if element == nil {
			return errors.New("it must be a string or a list of strings")
		}
		*l = append(*l, *element)
	}
	return nil
}

// ParsePolicy reads a document. What it does not understand it refuses, so that
// no condition is lost in silence; the error is a sentence.
func ParsePolicy(document []byte) (*Policy, error) {
	if len(document) > maxDocument {
		return nil, fmt.Errorf("the policy has %d bytes; it may have at most %d", len(document), maxDocument)
	}
	var d policyDocument
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("the policy is not a JSON object with Version and Statement: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something after the end of the policy")
	}
	if key := repeatedKey(document); key != "" {
		return nil, fmt.Errorf("an object of the policy has %q twice: only one would count", key)
	}
	switch {
	case d.Version != "1":
		return nil, fmt.Errorf("the Version is %q; it must be \"1\"", d.Version)
	case len(d.Statement) == 0 || len(d.Statement) > maxStatements:
		return nil, fmt.Errorf("there are %d statements; there must be 1 to %d", len(d.Statement), maxStatements)
	}
	p := new(Policy)
	for i, s := range d.Statement {
		if err := p.add(s); err != nil {
			return nil, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return p, nil
}

func (p *Policy) add(s policyStatement) error {
	patterns := &p.allow
	switch s.Effect {
	case "Allow":
	case "Deny":
		patterns = &p.deny
	default:
		return fmt.Errorf("the Effect is %q; it must be Allow or Deny", s.Effect)
	}
	if len(s.Resource) != 1 || s.Resource[0] != "*" {
		return fmt.Errorf("the Resource is %q; it must be \"*\", for policies are about actions only", s.Resource)
	}
	if len(s.Action) == 0 {
		return errors.New("there is no Action")
	}
	for _, action := range s.Action {
		name, ours := strings.CutPrefix(strings.ToLower(action), service)
		switch {
		case action == "*":
			name = "*"
		case !ours || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789*?") != "":
			return fmt.Errorf("the Action is %q; it must be * or begin with %s and go on with letters, * and ?", action, service)
		}
		*patterns = append(*patterns, name)
	}
	return nil
}

// idle returns a pattern that none of the actions fits, as those of a misspelt
// name are, "" for none.
func (p *Policy) idle(actions []string) string {
	for _, pattern := range slices.Concat(p.allow, p.deny) {
		if !slices.ContainsFunc(actions, func(action string) bool { return matches(pattern, action) }) {
			return pattern
		}
	}
	return ""
}

// Allows reports whether the action of that name may be used.
func (p *Policy) Allows(action string) bool {
	return !matchesAny(p.deny, action) && matchesAny(p.allow, action)
}

func matchesAny(patterns []string, name string) bool {
	for _, pattern := range patterns {
		if matches(pattern, name) {
			return true
		}
	}
	return false
}

// matches reports whether a pattern in lower case matches a name in any case. A
// mismatch goes back to the last star only, which is enough: what an earlier
// star took can be as short as possible.
func matches(pattern, name string) bool {
	at, star, resume := 0, -1, 0
	for i := 0; i < len(name); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, resume = at, i
			at++
		case at < len(pattern) && (pattern[at] == '?' || pattern[at] == lower(name[i])):
			at++
			i++
		case star >= 0:
			resume++
			at, i = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

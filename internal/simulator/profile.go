// Package simulator is a telephony system without telephones: an [Exchange]
// takes the calls of campaigns and lets callees answer, talk, fall silent and
// hang up, as a [Profile] says and chance decides.
//
// What one callee does depends on the seed, the task and the called number
// alone: not on the time, the speed, or what other calls do meanwhile.
package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// Profile says what callees are like. Shares are from 0 to 1.
type Profile struct {
	// NotExists is the share of numbers that are none, for good. The others are
	// shares of attempts; what is left of them answers.
	NotExists    float64 `json:"notExists"`
	Busy         float64 `json:"busy"`
	NoAnswer     float64 `json:"noAnswer"`
	Rejected     float64 `json:"rejected"`
	PoweredOff   float64 `json:"poweredOff"`
	OutOfService float64 `json:"outOfService"`

	Ring  Range `json:"ringSeconds"`  // How long it rings before something happens.
	Think Range `json:"thinkSeconds"` // How long a callee takes to speak once the robot is done.

	Silence float64 `json:"silence"` // The share of turns in which nothing is said.
	HangUp  float64 `json:"hangUp"`  // The share of turns in which the callee hangs up.

	Say []Words `json:"say"` // What is said in the others.

	// Recordings is where recordings of conversations are said to be: a URL that
	// the id of the task and .wav are added to; empty: there are none.
	Recordings string `json:"recordings"`
}

// Range is from and to, in seconds, both included.
type Range [2]float64

// Words are things that callees say.
type Words struct {
	// Node is where they are said: the id of a node. Words without one are said
	// at nodes that no others name.
	Node   string   `json:"node,omitempty"`
	Intent string   `json:"intent,omitempty"` // What they mean; a name for people, and for Profile.Learn.
	Weight float64  `json:"weight,omitempty"` // How often they are said beside others; 0 is 1.
	Texts  []string `json:"texts,omitempty"`
}

// DefaultProfile is an ordinary list of contacts: seven in ten attempts are
// answered. It has no words of its own: give it some with [Profile.Learn].
func DefaultProfile() Profile {
	return Profile{
		NotExists: 0.02, Busy: 0.08, NoAnswer: 0.15, Rejected: 0.03, PoweredOff: 0.03, OutOfService: 0.01,
		Ring: Range{3, 25}, Think: Range{0.5, 3}, Silence: 0.06, HangUp: 0.04,
	}
}

// ReadProfile reads a profile as JSON. What it does not name is as in the
// default profile.
func ReadProfile(r io.Reader) (Profile, error) {
	p := DefaultProfile()
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	if decoder.More() {
		return Profile{}, errors.New("profile: something follows the object")
	}
	return p, p.check()
}

// check returns what is wrong with the profile.
func (p *Profile) check() error {
	shares := map[string]float64{
		"notExists": p.NotExists, "busy": p.Busy, "noAnswer": p.NoAnswer, "rejected": p.Rejected,
		"poweredOff": p.PoweredOff, "outOfService": p.OutOfService, "silence": p.Silence, "hangUp": p.HangUp,
	}
	for name, share := range shares {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("profile: %s is %v: it must be a share from 0 to 1", name, share)
		}
	}
	if sum := p.Busy + p.NoAnswer + p.Rejected + p.PoweredOff + p.OutOfService; sum > 1 {
		return fmt.Errorf("profile: busy, noAnswer, rejected, poweredOff and outOfService add up to %v: at most 1", sum)
	}
	if p.Silence+p.HangUp > 1 {
		return errors.New("profile: silence and hangUp add up to more than 1")
	}
	for name, r := range map[string]Range{"ringSeconds": p.Ring, "thinkSeconds": p.Think} {
		if !(r[0] >= 0 && r[0] <= r[1] && r[1] <= 3600) {
			return fmt.Errorf("profile: %s is %v: it must be from and to, up to 3600", name, r)
		}
	}
	for i, w := range p.Say {
		if !(w.Weight >= 0) || math.IsInf(w.Weight, 1) {
			return fmt.Errorf("profile: the weight of say %d must be at least 0", i+1)
		}
		if len(w.Texts) == 0 && w.Intent == "" {
			return fmt.Errorf("profile: say %d has no texts", i+1)
		}
		for _, text := range w.Texts {
			if strings.TrimSpace(text) == "" {
				return fmt.Errorf("profile: say %d has an empty text: silence has a share of its own", i+1)
			}
		}
	}
	return nil
}

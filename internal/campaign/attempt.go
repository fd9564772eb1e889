package campaign

import (
	"time"
)

// EffectiveDays is how long after it was assigned a job whose strategy has no
// end is tried.
const EffectiveDays = 7

// Reason says why an attempt, or a job as a whole, failed; empty: it did not.
type Reason string

// The reasons, as the API spells them.
const (
	NoAnswer      Reason = "NoAnswer"
	Busy          Reason = "Busy"
	NotExists     Reason = "NotExists"
	Rejected      Reason = "Rejected"
	PoweredOff    Reason = "PoweredOff"
	OutOfService  Reason = "OutOfService"
	InArrears     Reason = "InArrears"
	Blocked       Reason = "Blocked"
	Expired       Reason = "Expired"
	GatewayError  Reason = "GatewayError"
	ScriptDeleted Reason = "ScriptDeleted"
)

// Recall says which numbers are not called again although they might answer
// another day.
type Recall struct {
	IgnoreEmpty        bool // Numbers that do not exist; these are never called again.
	IgnoreInArrears    bool
	IgnoreOutOfService bool
}

// Final reports whether a number that failed so is not called again.
func (r Recall) Final(reason Reason) bool {
	switch reason {
	case NotExists, Blocked, Expired, ScriptDeleted:
		return true
	case InArrears:
		return r.IgnoreInArrears
	case OutOfService:
		return r.IgnoreOutOfService
	}
	return false
}

// First returns when a job assigned at a time may first be dialled, and when it
// is given up. False: never.
func (c Calendar) First(assigned time.Time) (first, deadline time.Time, ok bool) {
	first, ok = c.Next(assigned)
	if !ok {
		return first, first, false
	}
	if deadline = c.s.End; deadline.IsZero() {
		deadline = first.AddDate(0, 0, EffectiveDays)
	}
	if c.s.FollowUp != Continue {
		deadline = earlier(deadline, c.CycleEnd(first))
	}
	return first, deadline, true
}

// Again returns when a called number may be dialled once more after an attempt
// that ended without an answer, given how many attempts it had on the day of
// ended. False: not before the deadline.
func (c Calendar) Again(ended, deadline time.Time, attemptsToday int) (time.Time, bool) {
	at := ended.Add(c.s.MinAttemptInterval)
	if midnight := c.Midnight(ended); attemptsToday >= c.s.MaxAttemptsPerDay && at.Before(midnight) {
		at = midnight
	}
	at, ok := c.Next(at)
	return at, ok && at.Before(deadline)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

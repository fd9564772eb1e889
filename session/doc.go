// Package session holds what one call is: its [State], what comes in from the
// caller's side ([Input]), what goes back ([Feedback]), what happened on the
// way ([Event]), and how a state is kept between two turns ([Store], and the
// binary form of [State.AppendBinary]).
//
// It is the lowest floor of the house: it knows scripts only by indexes and
// hashes, so a state can be stored, moved and replayed without the script.
//
// Values of this package are plain data. None of them may be used by two
// goroutines at once, except a Store, which must allow it.
package session

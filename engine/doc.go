// Package engine runs calls on compiled scripts. It is the public face of the
// house and all that a telephony gateway needs:
//
//   - [Compile] turns a script bundle into an immutable [Version],
//   - [New] makes an [Engine], [Engine.Publish] gives it versions to run,
//   - [Engine.Begin] starts a call and [Engine.Turn] takes it one turn on,
//   - [Engine.Sweep], called now and then, ends the calls that fell asleep.
//
// The caller's duties: give a clock, hand in each input of a call in the order
// it came, speak what the feedback says, and hang up or hand over when it says
// so. The engine starts no goroutine, reads no file and opens no connection.
//
// A Version is immutable and an Engine is safe for concurrent use: two turns of
// one call are taken one after the other, two calls never wait for each other.
package engine

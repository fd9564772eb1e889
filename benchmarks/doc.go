// Package benchmarks measures what Talkgraph promises: how long a turn takes,
// what it allocates, what a live call weighs, what a request costs. It holds
// tests only; README.md has the figures and the command that makes each.
//
// Speed is measured, and compared with a yardstick taken in the same run, but
// never asserted: a test that fails on a busy machine proves nothing. What does
// not depend on the machine, allocations and bytes, is asserted.
package benchmarks

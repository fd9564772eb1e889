// Package eval measures how well a matcher understands: it trains one, lets it
// judge labelled utterances, and says where it was right, how fast it was and
// whom it took for whom.
//
//	rows.go        labelled utterances, read from a table
//	training.go    what a matcher is trained on: rows, or the script of a bundle
//	options.go     a change of either: shots.go, a few examples of each intent;
//	               homophones.go, rows as a speech recogniser might mishear them
//	judge.go       a row and what the matcher made of it
//	metrics.go     the figures over all rows; confusion.go: what for what
//	cost.go        time, allocations and size of the same matcher
//	crossval.go    a script judged by parts of itself; findings.go: what that shows
//	flips.go       utterances that go over from one intent to another, as they are
//	               or in one of the variants of variants.go
//	pieces.go      texts as these compare them, whatever the matcher does
//	result.go      all of it together; print.go and page.go show it
//
// Everything but time and memory is a function of the rows and the seed; these
// two come from a [Machine]. Nothing here is safe for concurrent use, since a
// measurement wants the processor for itself.
package eval

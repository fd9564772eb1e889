// Package nlu finds what an utterance means: it gives each class (an intent or
// a global question) one score in [0, 1] from what its author wrote for it.
//
// An utterance goes through these stages, a file each:
//
//	normalize.go  compatibility forms, width, case, punctuation, blanks
//	fillers.go    那个, 就是, 嗯 and their like dropped beside other words
//	repeats.go    what was said twice in a row, said once
//	numerals.go   numbers in one form
//	polarity.go   what is meant and what is denied
//	keyword.go    the author's keywords, on word boundaries, not denied
//	features.go   what the linear model sees, syllable.go among it
//	linear.go     its margins, from the weights that packed.go adds up
//	mirror.go     classes contradicted by a denial
//	score.go      the scale on which all of it becomes one score
//
// Training is offline and deterministic: corpus.go reads the examples, svm.go
// fits one linear classifier a class, counts.go adds what counting alone says,
// plan.go bounds the work, calibrate.go finds the threshold from the examples alone.
//
// A [Model] is trained once, is immutable, and is safe for concurrent use. The
// caller keeps it, gives Score a slice to fill and decides what the scores
// mean. The package knows nothing of flows or calls, and has no clock, no
// random source and no goroutines.
package nlu

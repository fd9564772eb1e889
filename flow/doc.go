// Package flow compiles a script bundle, the folder or document in which an
// author keeps flows, intents, global questions and tags, to a [Program]: graphs
// whose nodes and transitions are indexes into slices, with texts parsed,
// conditions type-checked and every reference resolved.
//
// A compilation reports all that is wrong, not only the first, each with a
// stable code, its place and what to do ([Diagnostic]). Errors refuse the
// script, warnings do not. No input can make the compiler panic, hang, or use
// memory out of proportion to its size.
//
// Programs are immutable and safe for concurrent use.
package flow

// Package sdktest drives a real talkgraph serve process through the official Go
// SDK of the OutboundBot API. It is a module of its own, so that the SDK is no
// dependency of Talkgraph.
//
// The tests build the program from the module around them. They run on SQLite,
// and on PostgreSQL as well when TALKGRAPH_TEST_POSTGRES has the URL of a
// server on which databases may be made.
package sdktest

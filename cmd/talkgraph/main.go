// Command talkgraph checks dialogue scripts, talks with them in a terminal, and
// serves them to telephony gateways.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

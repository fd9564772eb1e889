// Command talkgraph checks dialogue scripts, talks with them in a terminal, and
// serves them to telephony gateways.
package main

import (
	"os"
	"time"
)

// now is the clock of servers and telephony systems. Tests let a campaign's
// hours pass in minutes.
var now = time.Now

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

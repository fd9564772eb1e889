// Command with matches and explains, so that all of nlu is in its binary.
package main

import (
	"fmt"

	"github.com/talkgraph/talkgraph/nlu"
)

func main() {
	m, _ := nlu.Train([]nlu.Class{{Keywords: []string{"好的"}}}, nlu.Config{})
	fmt.Println(m.Explain("好的"))
}

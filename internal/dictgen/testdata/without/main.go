// Command without does nothing that with does not do, but match.
package main

import "fmt"

func main() { fmt.Println("好的") }

package flow

import "github.com/talkgraph/talkgraph/session"

// Program is a script compiled: immutable, named by the hash of its bundle,
// safe for concurrent use. Everything a turn needs is found by index.
type Program struct {
	ID, Name  string
	Hash      session.Hash
	Flows     []Graph // In the bundle's order.
	Main      int     // The index of the MainFlow.
	Intents   []Intent
	Questions []Question
	Tags      []Tag
	Variables []Variable
	Matching  Matching

	Closing int // The SYSTEM question of role closing, -1 for none.
	Repeat  int // The SYSTEM question of role repeat, -1 for none.

	// Diagnostics are the warnings of the compilation, sorted.
	Diagnostics Errors

	bundle *Bundle
}

// Bundle returns the bundle the program was compiled from.
func (p *Program) Bundle() *Bundle { return p.bundle }

// Graph is one flow. Nodes stand in document order, so that an index outlives
// an upgrade of the compiler.
type Graph struct {
	ID, Name string
	Main     bool
	Nodes    []Node
	First    int // The node that Start leads to.
}

// NodeKind is what a node does when it is entered.
type NodeKind uint8

// The kinds of node.
const (
	Start    NodeKind = iota // Leads to Graph.First; says nothing.
	Switch                   // Says Script and waits for the caller.
	Transfer                 // Says Script and acts.
)

// Action is what a Transfer node does.
type Action uint8

// The actions of a Transfer node.
const (
	Pass     Action = iota // Follows Next.
	Hangup                 // Ends the call.
	HandOver               // Hands the call over: Node.ActionName, Node.Params.
	GotoFlow               // Enters the SubFlow Node.Target, then follows Next.
	Return                 // Goes back to the caller of the SubFlow.
)

// Node is one node of a graph.
type Node struct {
	ID, Name string
	Kind     NodeKind

	Script        Text
	Similar       []Text
	Labels        []uint16 // Tags hit on entering, by index in Program.Tags.
	Interruptible bool

	// Of a Switch.
	Branches       []Branch
	Intents        []int32 // The distinct intents of the branches, by index in Program.Intents, in order of appearance.
	Conditional    bool    // Whether a branch has a condition.
	Unrecognized   Reprompt
	Silence        Reprompt
	SilenceTimeout int // Seconds.
	Collect        session.Collect

	// Of a Transfer.
	Action     Action
	ActionName string // As the feedback spells it: Hangup, TransferToAgent, ….
	Params     Text
	Target     int // The flow that a GotoFlow enters.
	Next       int // The node the outgoing transition leads to, -1 for none.
}

// Branch is one way out of a Switch.
type Branch struct {
	ID, Name  string
	Intents   []int32    // Places in Node.Intents.
	Condition *Condition // Nil for none.
	Target    int        // A node of the same graph.
}

// Default reports whether the branch takes what no other does.
func (b *Branch) Default() bool { return len(b.Intents) == 0 && b.Condition == nil }

// Reprompt says what follows a no-match or a silence. When the counter of the
// visit reaches k, Prompt is said if k <= Threshold, else Final and Hangup.
type Reprompt struct {
	Threshold int
	Prompt    Prompt
	Final     Prompt
}

// Prompt is one way to go on.
type Prompt struct {
	Kind     PromptKind
	Question int // Of SystemPrompt, by index in Program.Questions.
}

// PromptKind says where the words of a prompt come from.
type PromptKind uint8

// The kinds of prompt.
const (
	AskAgain     PromptKind = iota // The node's next similar script, else its script.
	SystemPrompt                   // A SYSTEM question: its answers but the last in turn; as a final prompt its last.
	SayNothing                     // Of final prompts: nothing is left to say.
)

// Intent is what a caller may mean.
type Intent struct {
	ID, Name   string
	Utterances []string
	Keywords   []string
}

// Question is a global question: COMMON ones are answered anywhere, SYSTEM
// ones hold the script's prompts for trouble.
type Question struct {
	ID, Name  string
	System    bool
	Role      Role
	Questions []string // What callers say to ask it.
	Answers   []Text
}

// Triggers reports whether callers can ask the question.
func (q *Question) Triggers() bool {
	return len(q.Questions) > 0 && (!q.System || q.Role == RoleRepeat)
}

// Role is what a SYSTEM question is for.
type Role uint8

// The roles.
const (
	NoRole Role = iota
	RoleUnrecognized
	RoleSilence
	RoleClosing
	RoleRepeat
)

// Tag is a label that a call can be given.
type Tag struct{ ID, Group, Name string }

// String returns "group/name", or the bare name where there is no group.
func (t Tag) String() string {
	if t.Group == "" {
		return t.Name
	}
	return t.Group + "/" + t.Name
}

// Variable is an @name that the author declared.
type Variable struct{ Name, Label, Sample string }

// Matching holds the script's matching constants; scores are in [0, 1].
type Matching struct {
	Threshold   float64 // The lowest score that wins. Default 0.5.
	Margin      float64 // How far a question or background intent must be ahead. Default 0.1.
	FalseReject float64 // The share of the author's own examples that may fall below Threshold. Default 0.05.
	Background  bool    // Whether the script's other intents stand behind the node's. Default true.
}

package flow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"
)

// allowed are the functions a condition may call. None lets a value grow by
// more than a constant factor, reads a clock, or depends on the order of a map,
// so that a condition is deterministic and its cost is bounded.
var allowed = strings.Fields(
	"len trim trimPrefix trimSuffix upper lower split indexOf lastIndexOf hasPrefix hasSuffix " +
		"int float abs ceil floor round max min get first last take")

// predicates are the allowed functions that go over a list.
var predicates = strings.Fields("all none any one filter map count find findIndex findLast findLastIndex")

// builtinOptions lets conditions call the allowed functions and no others.
func builtinOptions() []expr.Option {
	options := []expr.Option{expr.DisableAllBuiltins()}
	for _, list := range [...][]string{allowed, predicates} {
		for _, name := range list {
			options = append(options, expr.EnableBuiltin(name))
		}
	}
	return options
}

// screenTokens refuses, without recursion, what nests too deep, and the two
// forms in which one part of the source becomes two parts of the program, so
// that nesting them doubles it each time: a < b < c, and a ?: b.
func screenTokens(source string) error {
	lex := lexer.New()
	lex.Reset(file.NewSource(source))
	var s screen
	for {
		token, err := lex.Next()
		if err != nil || token.Kind == lexer.EOF {
			return nil // What is no token, expr will say better.
		}
		if fault := s.see(token); fault != "" {
			return refusal(source, token.Location, fault)
		}
	}
}

// refusal is an error at a place of a condition.
func refusal(source string, at file.Location, message string) error {
	err := &file.Error{Location: at, Message: message}
	return err.Bind(file.NewSource(source))
}

// screen is what screenTokens has seen of a condition.
type screen struct {
	outer []level // Of the brackets open.
	level
	question bool // Whether the last token was a ?.
}

// level is what stands since the innermost open bracket. Its depth counts what
// the parser descends into; parts that follow each other share it.
type level struct {
	base     int  // Of the brackets around.
	chained  int  // Operators that take all to their right: ?, **, let, if.
	prefix   int  // Operators before an operand, which take it with all that binds to it.
	operand  bool // Whether the last token ended an operand.
	compared bool
}

func (l *level) depth() int { return l.base + l.chained + l.prefix }

// see takes one token in and returns what is wrong with it, if anything.
func (s *screen) see(token lexer.Token) string {
	elvis := s.question && token.Kind == lexer.Operator && strings.HasPrefix(token.Value, ":")
	s.question = token.Is(lexer.Operator, "?")
	fault := ""
	switch {
	case elvis:
		fault = "?: is not for conditions: write a ? b : c"
	case token.Kind == lexer.Bracket && strings.Contains("([{", token.Value):
		s.outer = append(s.outer, s.level)
		s.level = level{base: s.depth() + 1}
	case token.Kind == lexer.Bracket:
		if n := len(s.outer); n > 0 {
			s.level, s.outer = s.outer[n-1], s.outer[:n-1]
		}
		s.operand = true
	case token.Is(lexer.Operator, "#"), token.Kind != lexer.Operator:
		s.operand = true
	default:
		fault = s.operator(token.Value)
	}
	if fault == "" && s.depth() > maxDepth {
		fault = fmt.Sprintf("nested deeper than %d: simplify it", maxDepth)
	}
	return fault
}

// operator takes an operator in.
func (l *level) operator(word string) (fault string) {
	switch word {
	case ".", "?.", "??", "*", "/", "%", "|", "::":
		return "" // These bind to the operand.
	case "**", "^", "?", "let", "if", "else":
		l.chained++
	case ",":
		l.chained = 0
	}
	if l.operand {
		l.prefix = 0
	} else {
		l.prefix++
	}
	l.operand = false
	switch word {
	case "<", ">", "<=", ">=":
		if l.compared {
			return "comparisons cannot follow each other: write a < b and b < c"
		}
		l.compared = true
	case "and", "or", "&&", "||", "?", ":", ",", ";", "if", "else":
		l.compared = false
	}
	return ""
}

// screenTree refuses what the compiler of expr would take but what would cost
// more than its length: it would be paid at every turn. It returns the
// instructions of all patterns.
func screenTree(source string) (patterns int, err error) {
	tree, err := parser.Parse(source)
	if err != nil {
		return 0, err
	}
	guard := guard{source: source}
	ast.Walk(&tree.Node, &guard)
	return guard.patterns, guard.err
}

// guard looks at each node of a condition's tree.
type guard struct {
	source   string
	patterns int   // Instructions of the patterns so far.
	err      error // The first fault.
}

// Visit looks at one node.
func (g *guard) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.VariableDeclaratorNode:
		g.refuse(n, "let is not for conditions: write the value where it is used")
	case *ast.BinaryNode:
		g.visitBinary(n)
	case *ast.BuiltinNode:
		g.visitBuiltin(n)
	}
}

func (g *guard) visitBinary(n *ast.BinaryNode) {
	switch n.Operator {
	case "..":
		g.refuse(n, "ranges are not for conditions: compare with both ends")
	case "matches":
		pattern, ok := n.Right.(*ast.StringNode)
		if !ok {
			g.refuse(n, "the pattern of matches must be a string written out")
			return
		}
		if g.patterns += patternSize(pattern.Value); g.patterns > maxPattern {
			g.refuse(n, fmt.Sprintf("the patterns of a condition may take %d steps together: repeat less", maxPattern))
		}
	}
}

func (g *guard) visitBuiltin(n *ast.BuiltinNode) {
	if slices.Contains(allowed, n.Name) {
		return
	}
	if !slices.Contains(predicates, n.Name) {
		g.refuse(n, fmt.Sprintf("function %s is not for conditions; there are %s, %s",
			n.Name, strings.Join(allowed, ", "), strings.Join(predicates, ", ")))
		return
	}
	for _, argument := range n.Arguments {
		if predicate, ok := argument.(*ast.PredicateNode); ok && ast.Find(predicate.Node, isPredicate) != nil {
			g.refuse(n, fmt.Sprintf("%s holds another function over a list: its cost would multiply; combine two conditions instead", n.Name))
		}
	}
}

// isPredicate reports whether a node goes over a list.
func isPredicate(node ast.Node) bool {
	n, ok := node.(*ast.BuiltinNode)
	return ok && slices.Contains(predicates, n.Name)
}

// refuse notes a fault, unless there is one already.
func (g *guard) refuse(node ast.Node, message string) {
	if g.err == nil {
		g.err = refusal(g.source, node.Location(), message)
	}
}

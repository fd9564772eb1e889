package flow

import (
	"errors"
	"fmt"
	"sync"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// Env is what a condition can see.
type Env struct {
	Utterance string            `expr:"utterance"` // What was said; "" unless a Speech turn.
	Intent    string            `expr:"intent"`    // Name of the best branch intent at or above the threshold, conditions aside; else "".
	Score     float64           `expr:"score"`     // Its score, else 0.
	Vars      map[string]string `expr:"vars"`      // The call's variables; a missing one is "".
	Digits    string            `expr:"digits"`    // The keys; "" unless a Digits turn.
	Attempts  int               `expr:"attempts"`  // No-matches and silences so far in this visit.
	Turns     int               `expr:"turns"`     // The caller's turns so far, this one included, Start not counted.
}

// memoryBudget bounds the values that a condition can have at one time.
const memoryBudget = 100_000

// Condition is a branch's condition, compiled and type-checked. It is safe for
// concurrent use.
type Condition struct {
	source   string
	patterns int // Instructions of the patterns it matches.
	program  *vm.Program
	machines sync.Pool // Of *vm.VM: a machine runs one evaluation at a time.
}

// Source returns the condition as the author wrote it.
func (c *Condition) Source() string { return c.source }

// Holds evaluates the condition. It depends on env alone; what it costs is
// bounded by the lengths of the condition and of the strings in env. A
// condition that cannot be evaluated, such as one that divides by zero, does
// not hold, and the error says why.
func (c *Condition) Holds(env *Env) (bool, error) {
	machine, ok := c.machines.Get().(*vm.VM)
	if !ok {
		machine = &vm.VM{MemoryBudget: memoryBudget}
	}
	result, err := machine.Run(c.program, env)
	c.machines.Put(machine)
	if err != nil {
		return false, fmt.Errorf("flow: condition %q: %w", clip(c.source), err)
	}
	holds, _ := result.(bool) // The program was compiled to give nothing else.
	return holds, nil
}

// readCondition compiles the condition of a branch, nil where it has none.
func (c *compiler) readCondition(branch *object) *Condition {
	source := branch.text("condition")
	if blank(source) {
		return nil
	}
	condition, err := newCondition(source)
	at := branch.get("condition").at
	switch {
	case err == nil && c.patterns+condition.patterns > maxPatterns:
		c.log.add(overLimit, at, "the patterns of all conditions take more than %d steps, the limit of a bundle: simplify them", maxPatterns)
	case err == nil:
		c.patterns += condition.patterns
	case errors.Is(err, errTooLong):
		c.log.add(overLimit, at, "the condition is longer than %d KiB, the limit: shorten it", maxCondition>>10)
	default:
		c.log.add(badCondition, at, "condition %q: %s", source, complaint(err))
		condition = &Condition{source: source} // So that the branch does not count as a default.
	}
	return condition
}

// errTooLong says that a condition is past its limit.
var errTooLong = errors.New("the condition is too long")

// newCondition compiles a condition. The parser of expr, and what follows it,
// recurse: screening bounds what they see.
func newCondition(source string) (condition *Condition, err error) {
	if len(source) > maxCondition {
		return nil, errTooLong
	}
	if err := screenTokens(source); err != nil {
		return nil, err
	}
	defer func() {
		if fault := recover(); fault != nil {
			condition, err = nil, fmt.Errorf("the compiler of conditions failed: %v", fault)
		}
	}()
	patterns, err := screenTree(source)
	if err != nil {
		return nil, err
	}
	options := append(builtinOptions(), expr.Env(&Env{}), expr.AsBool(), expr.MaxNodes(maxCondition))
	program, err := expr.Compile(source, options...)
	if err != nil {
		return nil, err
	}
	return &Condition{source: source, patterns: patterns, program: program}, nil
}

// complaint says in one line what expr has against a condition.
func complaint(err error) string {
	var inside *file.Error
	if errors.As(err, &inside) {
		return fmt.Sprintf("%s (line %d, column %d)", inside.Message, inside.Line, inside.Column+1)
	}
	return err.Error()
}

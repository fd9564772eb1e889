package flow

// naming finds the things of one kind by id, and by a name that only one has.
type naming struct {
	ids   map[string]int
	names map[string]int // Several for a name that more than one has.
}

// What stands for an index where there is no single one.
const (
	none    = -1
	several = -2 // More than one has the name.
	astray  = -3 // There is one, but it is wrong, which has been told.
)

func newNaming() naming { return naming{make(map[string]int), make(map[string]int)} }

// add enters a thing and reports whether its id is new.
func (n naming) add(id, name string, index int) bool {
	if _, ok := n.names[name]; ok {
		n.names[name] = several
	} else {
		n.names[name] = index
	}
	if _, ok := n.ids[id]; ok {
		return false
	}
	n.ids[id] = index
	return true
}

// byID returns the index of what has the id, or none.
func (n naming) byID(id string) int {
	if i, ok := n.ids[id]; ok {
		return i
	}
	return none
}

// byName returns the index of what alone has the name, or none, or several.
func (n naming) byName(name string) int {
	if i, ok := n.names[name]; ok && name != "" {
		return i
	}
	return none
}

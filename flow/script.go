package flow

import (
	"math"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

var (
	variableKind = kindOf("variable", "name label sample")
	tagKind      = kindOf("tag", "id group name")
	intentKind   = kindOf("intent", "id name description utterances keywords")
	matchingKind = kindOf("matching", "threshold margin falseReject background")
)

// readVariables reads the declared variables.
func (c *compiler) readVariables() {
	declared := make(map[string]bool)
	c.script.list("variables", func(_ int, v value) bool {
		if n := len(declared); !c.room(&n, maxIndexes, "variables", v.at) {
			return false
		}
		o, ok := c.log.object(v, &variableKind)
		if !ok {
			return true
		}
		name, at := o.text("name"), o.get("name").at
		switch {
		case !validName(name):
			c.log.add(badVariable, at, "%q cannot follow an @: name the variable with 1 to %d letters, digits and _", name, maxNaming)
		case declared[name]:
			c.log.add(duplicateID, at, "variable %q is declared twice: remove one", name)
		default:
			declared[name] = true
			c.variables[name] = true
			c.program.Variables = append(c.program.Variables, Variable{Name: name, Label: o.text("label"), Sample: o.text("sample")})
		}
		return true
	})
}

// validName reports whether a text can name the variable.
func validName(name string) bool {
	for _, r := range name {
		if !nameRune(r) {
			return false
		}
	}
	return name != "" && utf8.RuneCountInString(name) <= maxNaming
}

// readTags reads the declared tags.
func (c *compiler) readTags() {
	c.script.list("tags", func(_ int, v value) bool {
		o, ok := c.log.object(v, &tagKind)
		if !ok {
			return true
		}
		tag := Tag{ID: o.text("id"), Group: o.text("group"), Name: o.text("name")}
		if tag.Name == "" {
			c.log.add(missingValue, o.get("name").at, `a tag has no name: give it a "name"`)
			return true
		}
		if _, ok := c.tags[Tag{Group: tag.Group, Name: tag.Name}]; ok {
			c.log.add(duplicateID, v.at, "tag %q is there twice: remove one", tag.String())
			return true
		}
		if _, ok := c.tagIDs[tag.ID]; ok {
			c.log.add(duplicateID, o.get("id").at, "tag id %q is there twice: give one another id", tag.ID)
			return true
		}
		_, ok = c.addTag(tag, v.at)
		return ok
	})
}

// addTag enters a tag and reports whether there was room.
func (c *compiler) addTag(tag Tag, at place) (uint16, bool) {
	n := len(c.program.Tags)
	if count := n; !c.room(&count, maxIndexes, "tags", at) {
		return 0, false
	}
	c.program.Tags = append(c.program.Tags, tag)
	c.tags[Tag{Group: tag.Group, Name: tag.Name}] = uint16(n)
	if tag.ID != "" {
		c.tagIDs[tag.ID] = uint16(n)
	}
	return uint16(n), true
}

// readIntents reads what callers may mean. One without a name is named by its
// id, and the other way round.
func (c *compiler) readIntents() {
	c.script.list("intents", func(i int, v value) bool {
		if n := len(c.program.Intents); !c.room(&n, maxIntents, "intents", v.at) {
			return false
		}
		o, _ := c.log.object(v, &intentKind)
		in := Intent{ID: o.text("id"), Name: o.text("name")}
		c.name(&o, &in.ID, &in.Name)
		if !c.intents.add(in.ID, in.Name, i) && in.ID != "" {
			c.log.add(duplicateID, o.get("id").at, "intent id %q is there twice: give one another id", in.ID)
		}
		in.Utterances = c.phrasesOf(&o, "utterances")
		in.Keywords = c.phrasesOf(&o, "keywords")
		if allBlank(in.Utterances) && allBlank(in.Keywords) {
			c.log.add(emptyIntent, v.at, "nothing matches intent %q: give it utterances or keywords", in.Name)
		}
		c.program.Intents = append(c.program.Intents, in)
		return true
	})
	c.used = make([]bool, len(c.program.Intents))
}

// name lets an id stand for a missing name and a name for a missing id. One of
// the two must be there.
func (c *compiler) name(o *object, id, name *string) {
	switch {
	case *id == "" && *name == "":
		c.log.add(missingValue, o.at, `the %s has neither id nor name: give it an "id"`, o.kind.name)
	case *id == "":
		*id = *name
	case *name == "":
		*name = *id
	}
}

// allBlank reports whether none of the phrases has words.
func allBlank(phrases []string) bool {
	for _, p := range phrases {
		if !blank(p) {
			return false
		}
	}
	return true
}

// checkIntents tells of intents that no branch names.
func (c *compiler) checkIntents() {
	c.script.list("intents", func(i int, v value) bool {
		if i < len(c.used) && !c.used[i] {
			c.log.add(unusedIntent, v.at, "no branch names intent %q: use it, or keep it only as background", c.program.Intents[i].Name)
		}
		return i < len(c.used)
	})
}

// readMatching reads the matching constants.
func (c *compiler) readMatching() {
	m := Matching{Threshold: 0.5, Margin: 0.1, FalseReject: 0.05, Background: true}
	o := c.script.object("matching", &matchingKind)
	m.Threshold = o.share("threshold", math.SmallestNonzeroFloat64, 1, "above 0 and at most 1", m.Threshold)
	m.Margin = o.share("margin", 0, 1, "from 0 to 1", m.Margin)
	m.FalseReject = o.share("falseReject", 0, 0.5, "from 0 to 0.5", m.FalseReject)
	m.Background = o.flag("background", m.Background)
	c.program.Matching = m
}

// share returns a number in [low, high], fallback where there is none.
func (o *object) share(key string, low, high float64, domain string, fallback float64) float64 {
	v := o.get(key)
	if v.absent() {
		return fallback
	}
	if v.Type != gjson.Number {
		o.wrong(key, v, "a number")
		return fallback
	}
	if !(v.Num >= low && v.Num <= high) {
		o.log.add(outOfRange, v.at, "%q of the %s must be %s, not %s", key, o.kind.name, domain, v.Raw)
		return fallback
	}
	return v.Num
}

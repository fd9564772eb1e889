package flow

import "strings"

var questionKind = kindOf("global question", "id name type role questions answers")

// roleWords are the roles as bundles write them, in the order in which they
// are given to SYSTEM questions that claim none; roleNames are the names that
// claim one.
var (
	roleWords = [...]string{RoleUnrecognized: "unrecognized", RoleSilence: "silence", RoleClosing: "closing", RoleRepeat: "repeat"}
	roleNames = [...]string{RoleUnrecognized: "未识别", RoleSilence: "静音", RoleClosing: "结束语", RoleRepeat: "重复"}
)

// String returns the role as bundles write it, empty for none.
func (r Role) String() string {
	if int(r) < len(roleWords) {
		return roleWords[r]
	}
	return "unknown"
}

// readQuestions reads the global questions and gives the SYSTEM ones a role.
func (c *compiler) readQuestions() {
	p := c.program
	claims := make([]value, 0)
	c.script.list("globalQuestions", func(i int, v value) bool {
		if n := len(p.Questions); !c.room(&n, maxIndexes, "global questions", v.at) {
			return false
		}
		o, _ := c.log.object(v, &questionKind)
		q := Question{ID: o.text("id"), Name: o.text("name")}
		c.name(&o, &q.ID, &q.Name)
		if !c.questions.add(q.ID, q.Name, i) && q.ID != "" {
			c.log.add(duplicateID, o.get("id").at, "global question id %q is there twice: give one another id", q.ID)
		}
		q.System = c.questionType(&o)
		q.Questions = c.phrasesOf(&o, "questions")
		q.Answers = c.texts(&o, "answers")
		q.Role = c.roleWord(&o)
		if !q.System && (allBlank(q.Questions) || len(q.Answers) == 0) {
			c.log.add(idleQuestion, v.at, "question %q needs questions that callers ask and answers to them", q.Name)
		}
		p.Questions = append(p.Questions, q)
		claims = append(claims, o.get("role"))
		return true
	})
	c.giveRoles(claims)
}

// questionType reports whether a question is SYSTEM.
func (c *compiler) questionType(o *object) bool {
	switch word := o.text("type"); strings.ToUpper(word) {
	case "SYSTEM":
		return true
	case "COMMON", "":
		return false
	default:
		c.log.add(unknownWord, o.get("type").at, "%q is no type of question: write COMMON or SYSTEM", word)
		return false
	}
}

// roleWord returns the role a question's own key claims.
func (c *compiler) roleWord(o *object) Role {
	word := o.text("role")
	for role := RoleUnrecognized; role <= RoleRepeat; role++ {
		if strings.EqualFold(word, roleWords[role]) {
			return role
		}
	}
	if word != "" {
		c.log.add(unknownWord, o.get("role").at, "%q is no role: write unrecognized, silence, closing or repeat", word)
	}
	return NoRole
}

// giveRoles settles who has which role: first by the key, then by name, then
// in order. A role is given once.
func (c *compiler) giveRoles(claims []value) {
	questions := c.program.Questions
	var taken [RoleRepeat + 1]bool
	take := func(i int, role Role) {
		questions[i].Role, taken[role] = role, true
	}
	waiting := make([]int, 0, len(questions))
	for i := range questions {
		q := &questions[i]
		claim := q.Role
		q.Role = NoRole
		switch {
		case claim != NoRole && !q.System:
			c.log.add(idleRole, claims[i].at, "only SYSTEM questions have a role: remove it, or make %q one", q.Name)
		case claim != NoRole && taken[claim]:
			c.log.add(idleRole, claims[i].at, "another question has the role %s already: remove it here or there", claim.String())
		case claim != NoRole:
			take(i, claim)
		case q.System:
			waiting = append(waiting, i)
		}
	}
	unnamed := waiting[:0]
	for _, i := range waiting {
		if role := roleByName(questions[i].Name); role != NoRole && !taken[role] {
			take(i, role)
		} else {
			unnamed = append(unnamed, i)
		}
	}
	for _, i := range unnamed {
		for role := RoleUnrecognized; role <= RoleRepeat; role++ {
			if !taken[role] {
				take(i, role)
				break
			}
		}
	}
	c.settleRoles()
}

// settleRoles notes which question serves which role. One without answers
// serves none, but for repeat, which needs none.
func (c *compiler) settleRoles() {
	for role := range c.roles {
		c.roles[role] = none
	}
	for i := range c.program.Questions {
		if q := &c.program.Questions[i]; q.Role == RoleRepeat || len(q.Answers) > 0 {
			c.roles[q.Role] = i
		}
	}
	c.program.Closing, c.program.Repeat = c.roles[RoleClosing], c.roles[RoleRepeat]
}

// roleByName returns the role that a question's name claims.
func roleByName(name string) Role {
	for role := RoleUnrecognized; role <= RoleRepeat; role++ {
		if name == roleNames[role] {
			return role
		}
	}
	return NoRole
}

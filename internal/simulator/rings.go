package simulator

// Rings is what an exchange has done since it began. It outlives the servers it
// works for, so it tells whether anybody was called twice.
type Rings struct {
	Asked   int            `json:"asked"`   // Requests to dial, repeated ones too.
	Rings   int            `json:"rings"`   // Calls that rang.
	Open    int            `json:"open"`    // Of them, those that go on.
	Tasks   map[string]int `json:"tasks"`   // Rings by task.
	Numbers map[string]int `json:"numbers"` // Rings by called number.
	Ends    map[string]int `json:"ends"`    // Calls that are over, by how they ended.
	Calls   []Ring         `json:"calls"`   // One by one, in the order they came.
}

// Ring is one call that rang.
type Ring struct {
	At     int64  `json:"at"` // Unix milliseconds.
	Task   string `json:"task"`
	Job    string `json:"job"`
	From   string `json:"from"`
	Called string `json:"called"`
	Asked  int    `json:"asked"` // How often it was asked for.
	Turns  int    `json:"turns"`
	End    string `json:"end"` // Empty: it goes on.
}

// Rings returns what happened so far.
func (x *Exchange) Rings() Rings {
	x.mu.Lock()
	defer x.mu.Unlock()
	r := Rings{
		Asked: x.asked, Rings: len(x.order), Open: x.open,
		Tasks: make(map[string]int), Numbers: make(map[string]int), Ends: make(map[string]int), Calls: make([]Ring, 0, len(x.order)),
	}
	for _, one := range x.order {
		r.Tasks[one.TaskID]++
		r.Numbers[one.CalledNumber]++
		if one.end != "" {
			r.Ends[one.end]++
		}
		r.Calls = append(r.Calls, Ring{
			At: one.dialled.UnixMilli(), Task: one.TaskID, Job: one.JobID, From: one.CallingNumber, Called: one.CalledNumber,
			Asked: one.asked, Turns: one.turns, End: one.end,
		})
	}
	return r
}

package rpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/talkgraph/talkgraph/internal/bounds"
)

// readList reads a list of strings, which clients send in three ways: as X.1,
// X.2 and so on, where numbers may be left out; as a JSON array in one
// parameter X; as the only element in a bare X. Two ways at once are refused.
// An array without elements is there: it is how a client says that there are none.
func readList(p *params, f *requestField, dst reflect.Value) (bool, error) {
	list, err := p.numbered(f.name)
	if err != nil {
		return true, err
	}
	whole := p.get(f.name)
	if len(whole) > 0 {
		if len(list) > 0 {
			return true, InvalidParameter(f.name, "It is given both whole and as "+f.name+".1.")
		}
		if list, err = wholeList(f.name, whole); err != nil {
			return true, err
		}
	}
	if most := f.tag.number("max", 0); int64(len(list)) > most {
		return true, InvalidParameter(f.name, fmt.Sprintf("It may have at most %d elements.", most))
	}
	for _, element := range list {
		if err := f.checkElement(element); err != nil {
			return true, err
		}
	}
	dst.Set(reflect.ValueOf(list))
	return len(list) > 0 || len(whole) > 0, nil
}

// wholeList reads a list that stands in one parameter.
func wholeList(name string, whole []byte) ([]string, error) {
	if whole[0] != '[' {
		return []string{string(whole)}, nil
	}
	var elements []*string
	if json.Unmarshal(whole, &elements) != nil || slices.Contains(elements, nil) {
		return nil, InvalidParameter(name, "It must be a JSON array of strings, or be given as "+name+".1, "+name+".2 and so on.")
	}
	list := make([]string, len(elements))
	for i, element := range elements {
		list[i] = *element
	}
	return list, nil
}

// numbered returns the values of name.1, name.2 and so on, in the order of
// their numbers.
func (p *params) numbered(name string) ([]string, error) {
	type element struct {
		number int
		value  []byte
	}
	var found []element
	for _, one := range p.under(name + ".") {
		number, ok := elementNumber(string(one.name[len(name)+1:]))
		if !ok {
			return nil, badElement(string(one.name), name+".", "")
		}
		found = append(found, element{number, one.value})
	}
	slices.SortFunc(found, func(a, b element) int { return a.number - b.number })
	list := make([]string, len(found))
	for i, one := range found {
		list[i] = string(one.value)
	}
	return list, nil
}

// readStructs reads a list of structs: X.1.Key, X.1.Value, X.2.Key and so on,
// where numbers may be left out. The plan is that of an element.
func (plan *requestPlan) readStructs(p *params, f *requestField, dst reflect.Value) (bool, error) {
	var numbers []int
	prefix := f.name + "."
	if len(p.get(f.name)) > 0 {
		return true, badElement(f.name, prefix, "."+plan.fields[0].name)
	}
	for _, one := range p.under(prefix) {
		digits, member, _ := strings.Cut(string(one.name[len(prefix):]), ".")
		number, ok := elementNumber(digits)
		if !ok || member == "" {
			return true, badElement(string(one.name), prefix, "."+plan.fields[0].name)
		}
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	if most := f.tag.number("max", 0); int64(len(numbers)) > most {
		return true, InvalidParameter(f.name, fmt.Sprintf("It may have at most %d elements.", most))
	}
	list := reflect.MakeSlice(dst.Type(), len(numbers), len(numbers))
	for i, number := range numbers {
		if err := plan.decodeUnder(prefix+strconv.Itoa(number)+".", p, list.Index(i)); err != nil {
			return true, err
		}
	}
	dst.Set(list)
	return len(numbers) > 0, nil
}

// under returns the parameters whose names begin with the prefix.
func (p *params) under(prefix string) []pair {
	start, _ := p.find(prefix)
	end := start
	for end < len(p.pairs) && bytes.HasPrefix(p.pairs[end].name, []byte(prefix)) {
		end++
	}
	return p.pairs[start:end]
}

// elementNumber reads the number of an element, at least 1 and without zeros
// before it, so that an element has one name.
func elementNumber(digits string) (int, bool) {
	number, err := strconv.Atoi(digits)
	return number, err == nil && number >= 1 && strconv.Itoa(number) == digits
}

func badElement(name, prefix, member string) *Error {
	return InvalidParameter(name, "The elements of a list are numbered "+prefix+"1"+member+", "+prefix+"2"+member+" and so on.")
}

// readMap reads a JSON object whose values are strings.
func readMap(p *params, f *requestField, dst reflect.Value) (bool, error) {
	value := p.get(f.name)
	if len(value) == 0 {
		return false, nil
	}
	var members map[string]*string
	if json.Unmarshal(value, &members) != nil || members == nil {
		return true, InvalidParameter(f.name, "It must be a JSON object whose values are strings.")
	}
	if most := f.tag.number("max", 0); int64(len(members)) > most {
		return true, InvalidParameter(f.name, fmt.Sprintf("It may have at most %d members.", most))
	}
	result := make(map[string]string, len(members))
	for key, member := range members {
		if member == nil {
			return true, InvalidParameter(f.name, "It must be a JSON object whose values are strings.")
		}
		for _, text := range [...]string{key, *member} {
			if err := f.checkElement(text); err != nil {
				return true, err
			}
		}
		result[key] = *member
	}
	dst.Set(reflect.ValueOf(result))
	return true, nil
}

// checkElement checks one element of a list, or a key or value of a map. JSON
// can spell control characters that the parameter itself did not hold.
func (f *requestField) checkElement(text string) error {
	const usual = 256
	kind := bounds.Kind{Most: int(f.tag.number("each", usual)), Layout: f.tag.text}
	if problem := kind.Problem(text); problem != "" {
		return InvalidParameter(f.name, "Each of its elements "+problem+".")
	}
	return nil
}

package nlu

import "math"

// everybody is the class of all examples.
const everybody = -2

// mass adds up the values of each row over the examples of a class.
func mass(p *problem, examples []int32, class int) (by map[int32]float64, sum float64) {
	by = map[int32]float64{}
	for _, i := range examples {
		if class != everybody && int(p.class[i]) != class {
			continue
		}
		rows, values := p.vector(i)
		for k, row := range rows {
			value := float64(values[k] * p.cost[i] / cost)
			by[row] += value
			sum += value
		}
	}
	return by, sum
}

// counted returns the weights that counting the examples gives a class.
func counted(p *problem, examples []int32, class int) map[int32]float64 {
	weights := map[int32]float64{}
	own, ownSum := mass(p, examples, class)
	all, sum := mass(p, examples, everybody)
	for row, value := range own {
		weights[row] = countsWeight * math.Log(1+value/ownSum/(all[row]/sum)/countsSmoothing)
	}
	return weights
}

// countedMargin is what they add to the margin of an example.
func countedMargin(p *problem, examples []int32, class int, i int32) float32 {
	sum := 0.0
	weights := counted(p, examples, class)
	rows, values := p.vector(i)
	for k, row := range rows {
		sum += float64(values[k]) * weights[row]
	}
	return float32(sum)
}

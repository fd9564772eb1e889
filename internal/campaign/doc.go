// Package campaign decides when whom to call: job groups, jobs and tasks, the
// strategies they are under, and the gateways that place the calls.
package campaign

package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"
	_ "time/tzdata" // So that --time-zone works where the machine knows no zones.

	"github.com/spf13/pflag"

	"github.com/talkgraph/talkgraph/api"
)

// secretVariable has the secret of the gateway. It is no flag, for others can
// read the flags of a process.
const secretVariable = "TALKGRAPH_GATEWAY_SECRET"

// outbound says how the calls of campaigns are placed.
type outbound struct {
	gateway         string
	zone            string
	legacySubmitted bool

	location *time.Location // Once it was checked.
}

func (o *outbound) register(flags *pflag.FlagSet) {
	flags.StringVar(&o.gateway, "gateway", "", "where a telephony system takes the calls of campaigns, http://host/path; without it nobody is called")
	flags.StringVar(&o.zone, "time-zone", "Asia/Shanghai", "what the days and hours of campaigns are counted in")
	flags.BoolVar(&o.legacySubmitted, "legacy-submitted", false, "let Submitted of the batch actions mean the opposite of its name, as the reference has it")
}

func (o *outbound) check() (err error) {
	if o.location, err = time.LoadLocation(o.zone); err != nil || o.zone == "" || o.zone == "Local" {
		return usageError{fmt.Errorf("--time-zone is %q: it must be a name like Asia/Shanghai or UTC", o.zone)}
	}
	if o.gateway == "" {
		return nil
	}
	if u, err := url.Parse(o.gateway); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return usageError{fmt.Errorf("--gateway is %q: it must be a URL such as http://127.0.0.1:8090/", o.gateway)}
	}
	if os.Getenv(secretVariable) == "" {
		return errors.New("--gateway needs a secret that both sides know: set " + secretVariable)
	}
	return nil
}

func (o *outbound) configure(c *api.Config) {
	c.GatewayURL, c.GatewaySecret, c.Zone, c.LegacySubmitted = o.gateway, os.Getenv(secretVariable), o.location, o.legacySubmitted
}

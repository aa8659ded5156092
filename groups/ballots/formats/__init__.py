"""What a vote looks like inside and outside its envelope, and the keepers' shares. The browser's twin is `static/ballots.js`."""

package web

// gatewaySilent is the code for a gateway that gave no challenge: nothing was sent.
const gatewaySilent = "gateway_silent"

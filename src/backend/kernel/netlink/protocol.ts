/**
 * The routing protocol number (rtm_protocol, IFA_PROTO) that marks our routes and addresses: `ip route show proto 78`.
 * Numbers from 5 on are free for whoever takes them; this one is unassigned in iproute2's rt_protos.
 */
export const PROTOCOL = 78;

// Who may ask: tokens, and the pages of other hosts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fer::serve {

// Whether the two are equal, in a time that depends on the length of `given` alone.
bool same_secret(std::string_view given, std::string_view secret);

// The token of "Bearer TOKEN"; empty where there is none.
std::string_view bearer_token(std::string_view authorization);

// Whether a browser may hand a page of `origin` to this service, whose own name is `host`. Without
// an origin it is no page's request.
bool origin_allowed(std::string_view origin, std::string_view host,
                    std::span<const std::string> others);
// Whether `origin` is one of `others`, whose answers need CORS headers.
bool origin_listed(std::string_view origin, std::span<const std::string> others);

// Whether an address is this machine's alone: 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);

}  // namespace fer::serve

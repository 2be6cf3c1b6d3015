// Access rules: tokens, and requests from pages of other hosts.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fer::serve {

// Whether the two are equal, in a time that depends only on the length of `given`.
bool same_secret(std::string_view given, std::string_view secret);

// The token of "Bearer TOKEN"; empty without a token.
std::string_view bearer_token(std::string_view authorization);

// Whether a browser's request from a page of `origin` is allowed at this service, whose name is
// `host`. True without an origin, because then no page sent it.
bool origin_allowed(std::string_view origin, std::string_view host,
                    std::span<const std::string> others);
// Whether `origin` is one of `others`, whose answers need CORS headers.
bool origin_listed(std::string_view origin, std::span<const std::string> others);

// Whether only this machine can reach an address: 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);

}  // namespace fer::serve

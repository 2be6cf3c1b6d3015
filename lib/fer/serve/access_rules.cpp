#include "fer/serve/access_rules.h"

#include <algorithm>

#include "fer/core/text.h"

namespace fer::serve {

bool same_secret(std::string_view given, std::string_view secret) {
  if (secret.empty()) return given.empty();
  volatile unsigned difference = given.size() == secret.size() ? 0U : 1U;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto mine = static_cast<unsigned char>(secret[i % secret.size()]);
    difference = difference | (static_cast<unsigned char>(given[i]) ^ mine);
  }
  return difference == 0;
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (to_lower(authorization.substr(0, kScheme.size())) != kScheme) return {};
  return trim(authorization.substr(kScheme.size()));
}

bool origin_listed(std::string_view origin, std::span<const std::string> others) {
  return !origin.empty() &&
         std::any_of(others.begin(), others.end(), [&](const std::string& other) {
           return other == "*" || to_lower(other) == to_lower(origin);
         });
}

bool origin_allowed(std::string_view origin, std::string_view host,
                    std::span<const std::string> others) {
  if (origin.empty() || origin_listed(origin, others)) return true;
  const std::size_t scheme = origin.find("://");
  return scheme != origin.npos && to_lower(origin.substr(scheme + 3)) == to_lower(host);
}

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

}  // namespace fer::serve

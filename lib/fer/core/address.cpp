#include "fer/core/address.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "fer/core/files.h"
#include "fer/core/text.h"

namespace fer {

namespace {

constexpr std::string_view kSchemeEnd = "://";
constexpr std::string_view kHidden = "***";
constexpr std::size_t kNone = std::string_view::npos;

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool is_scheme_part(char c) {
  return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

std::size_t find_blank(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), blank) - text.begin());
}

// Whether `text`, which follows a host's colon, begins with a port; `end`: what begins behind the
// URL's authority.
bool is_port(std::string_view text, std::string_view end) {
  constexpr std::size_t kMostDigits = 5;
  return !text.empty() && text.size() <= kMostDigits &&
         std::all_of(text.begin(), text.end(), is_digit) && !end.starts_with('#');
}

// Where the '@' behind user and password stands in `rest`, which follows "://" to the address's
// end. People type passwords with characters that should be percent-encoded, so whatever may be a
// part of a password counts as one. This hides more than needed in some addresses, but never less.
std::size_t find_at_sign(std::string_view rest) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  const std::size_t at = authority.rfind('@');
  const std::size_t colon = authority.find(':');
  if (colon == kNone || authority.starts_with('[')) return at;
  if (at != kNone && colon < at) return rest.substr(0, rest.find('?')).rfind('@');
  const std::string_view after = authority.substr(authority.rfind(':') + 1);
  if (is_port(after, rest.substr(authority.size()))) return at;
  const std::size_t last = rest.rfind('@');
  return last != kNone && last > colon ? last : at;
}

std::string without_user_password(std::string_view rest) {
  const std::size_t at = find_at_sign(rest);
  const std::size_t colon = rest.find(':');
  if (at == kNone || colon == kNone || colon > at) return std::string(rest);
  return std::string(rest.substr(0, colon + 1)) + std::string(kHidden) +
         std::string(rest.substr(at));
}

bool is_secret_name(std::string_view name) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "pass",      "pw",  "pwd", "loginpas", "access_key", "auth",   "api_key", "apikey",    "key",
      "signature", "sig", "jwt", "session",  "sid",        "secret", "token",   "credential"};
  static constexpr std::array<std::string_view, 12> kEndings = {
      "token", "password", "secret", "signature", "passwd", "passphrase",
      "_pw",   "_pwd",     "_pass",  "-pw",       "-pwd",   "-pass"};
  const std::string lower = to_lower(name);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end() ||
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return lower.ends_with(ending); });
}

// `part` is "name=value", or, as some cameras have it, "name=value_name=value".
std::string without_secret_value(std::string_view part) {
  std::size_t name = 0;
  for (std::size_t equals = part.find('='); equals != kNone; equals = part.find('=', name)) {
    // with whatever follows the value in a text
    const bool hidden = part.substr(equals + 1).starts_with(kHidden);
    if (!hidden && is_secret_name(part.substr(name, equals - name))) {
      return std::string(part.substr(0, equals + 1)) + std::string(kHidden);
    }
    name = equals + 1;
  }
  return std::string(part);
}

// Not only behind '?': there are cameras that take rtsp://host/user=admin&password=x&channel=1.
std::string without_secret_parameters(std::string_view address) {
  constexpr std::string_view kBetween = "?&;/#\"'<>";
  std::string shown;
  while (true) {
    const std::size_t end = address.find_first_of(kBetween);
    shown += without_secret_value(address.substr(0, end));
    if (end == kNone) return shown;
    shown += address[end];
    address.remove_prefix(end + 1);
  }
}

}  // namespace

bool is_address(std::string_view text) {
  const std::size_t end = text.find(kSchemeEnd);
  return end != kNone && end > 0 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), is_scheme_part);
}

std::string without_passwords(std::string_view text) {
  std::string shown;
  while (true) {
    const std::size_t scheme = text.find(kSchemeEnd);
    if (scheme == kNone) return shown + std::string(text);
    const std::size_t start = scheme + kSchemeEnd.size();
    shown += text.substr(0, start);
    text.remove_prefix(start);
    const std::size_t end = find_blank(text);
    shown += without_secret_parameters(without_user_password(text.substr(0, end)));
    text.remove_prefix(end);
  }
}

std::string source_stem(std::string_view source) {
  if (!is_address(source)) return std::filesystem::path(source).stem().string();
  std::string_view rest = source.substr(source.find(kSchemeEnd) + kSchemeEnd.size());
  const std::size_t at = find_at_sign(rest);
  if (at != kNone) rest.remove_prefix(at + 1);
  rest = rest.substr(0, rest.find_first_of("?#"));
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t slash = rest.rfind('/');
  if (slash == kNone) return as_file_name(rest);
  return std::filesystem::path(without_secret_parameters(rest.substr(slash + 1))).stem().string();
}

}  // namespace fer

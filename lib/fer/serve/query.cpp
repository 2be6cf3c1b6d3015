#include "fer/serve/query.h"

#include <algorithm>
#include <optional>

#include "fer/core/text.h"
#include "fer/serve/problem.h"

namespace fer::serve {

namespace {

constexpr std::size_t kMostFields = 64;

std::optional<int> hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return std::nullopt;
}

std::string decoded(std::string_view text, bool plus_is_blank) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      plain += ' ';
    } else if (text[i] != '%') {
      plain += text[i];
    } else {
      const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
      const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : std::nullopt;
      if (!high || !low) {
        throw Problem(400, "the address has a % that no two hexadecimal digits follow")
            .in("request target");
      }
      plain += static_cast<char>(*high * 16 + *low);
      i += 2;
    }
  }
  return plain;
}

}  // namespace

Fields fields_of(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::string_view field = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(field.size() + 1, text.size()));
    if (field.empty()) continue;
    if (fields.size() == kMostFields) {
      throw Problem(400, "the address has too many parameters")
          .in("query")
          .allowed("at most " + std::to_string(kMostFields));
    }
    const std::string_view name = field.substr(0, field.find('='));
    const std::string_view value =
        name.size() == field.size() ? std::string_view() : field.substr(name.size() + 1);
    fields.emplace_back(decoded(name, true), decoded(value, true));
  }
  return fields;
}

namespace {

// The target without the host that a client may name as for a proxy (RFC 9112, section 3.2.2).
std::string_view origin_form(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::size_t path = text.find('/', scheme.size());
    return path == text.npos ? std::string_view("/") : text.substr(path);
  }
  return text;
}

}  // namespace

Target target_of(std::string_view text) {
  text = origin_form(text);
  if (text.empty() || text.front() != '/') {
    throw Problem(400, "the request's target is no path")
        .in("request target")
        .allowed("/path?query");
  }
  text = text.substr(0, text.find('#'));
  const std::string_view path = text.substr(0, text.find('?'));
  Target target{decoded(path, false), {}};
  if (path.size() < text.size()) target.query = fields_of(text.substr(path.size() + 1));
  return target;
}

std::string media_type(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

std::string media_parameter(std::string_view content_type, std::string_view name) {
  std::size_t at = content_type.find(';');
  while (at < content_type.size()) {
    std::string_view rest = trim(content_type.substr(at + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return "";
    const bool wanted = to_lower(trim(rest.substr(0, equals))) == name;
    rest = trim(rest.substr(equals + 1));
    std::string value;
    if (!rest.empty() && rest.front() == '"') {
      std::size_t i = 1;
      for (; i < rest.size() && rest[i] != '"'; ++i) {
        if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
        value += rest[i];
      }
      rest = rest.substr(std::min(i + 1, rest.size()));
    } else {
      value = trim(rest.substr(0, rest.find(';')));
    }
    if (wanted) return value;
    const std::size_t next = rest.find(';');
    if (next == std::string_view::npos) return "";
    at = static_cast<std::size_t>(rest.data() - content_type.data()) + next;
  }
  return "";
}

}  // namespace fer::serve

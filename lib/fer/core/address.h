// Addresses of streams and files on servers (URLs): they may hold a password, which nobody is shown.
#pragma once

#include <string>
#include <string_view>

namespace fer {

// Whether `text` begins like a URL: "rtsp://", "HTTP://", …
bool is_address(std::string_view text);

// `text` with the password of every URL in it written as ***: what stands between ':' and '@' before
// the host (rtsp://user:***@host/live), and the value of each parameter that is named like a secret
// (?password=***, &token=***). Passwords that hold '@' or '/' without being percent-encoded, as people
// type them, are covered. Text without a URL is returned as it is.
std::string without_passwords(std::string_view text);

// What a file that is made from `source` is named after, without ending: the stem of a path's last part;
// of a URL neither user nor parameters, and the host where it has no path.
std::string source_stem(std::string_view source);

}  // namespace fer

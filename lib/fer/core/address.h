// Addresses of streams and files on servers (URLs). They may hold a password, which is never shown.
#pragma once

#include <string>
#include <string_view>

namespace fer {

// Whether `text` begins like a URL: "rtsp://", "HTTP://", …
bool is_address(std::string_view text);

// `text` with the password of every URL in it written as ***: what stands between ':' and '@'
// before the host (rtsp://user:***@host/live), and the value of each parameter that is named like a
// secret (?password=***, &token=***). Passwords that hold '@' or '/' without being percent-encoded,
// as people type them, are covered. Text without a URL is returned as it is.
std::string without_passwords(std::string_view text);

// A name, without ending, for a file that is made from `source`: the stem of the last part of its
// path. For a URL without a path it is the host; the user and the parameters never get into it.
std::string source_stem(std::string_view source);

}  // namespace fer

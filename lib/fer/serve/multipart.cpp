#include "fer/serve/multipart.h"

#include <algorithm>

#include "fer/core/text.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"

namespace fer::serve {

namespace {

constexpr std::size_t kLongestBoundary = 70;  // RFC 2046, section 5.1.1
constexpr std::size_t kLongestHead = 4096;    // of a part

Problem broken(const std::string& detail) { return Problem(400, detail).in("multipart body"); }

std::string boundary_of(std::string_view content_type) {
  const std::string boundary = media_parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kLongestBoundary) {
    throw Problem(400, "the content type multipart/form-data has no usable boundary")
        .in("header Content-Type")
        .allowed("boundary=… of 1 to 70 characters");
  }
  return boundary;
}

// Reads the headers of a part, such as "Content-Disposition: form-data; …".
void read_head(std::string_view head, FormPart& part) {
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(line.size() + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw broken("a part has a header without a colon");
    const std::string name = to_lower(trim(line.substr(0, colon)));
    const std::string_view value = trim(line.substr(colon + 1));
    if (name == "content-disposition") {
      part.name = media_parameter(value, "name");
      part.filename = media_parameter(value, "filename");
    } else if (name == "content-type") {
      part.type = value;
    } else if (name == "content-transfer-encoding" && to_lower(value) != "binary" &&
               to_lower(value) != "8bit" && to_lower(value) != "7bit") {
      throw broken("a part is encoded as " + quote(value)).allowed("binary");
    }
  }
  if (part.name.empty()) throw broken("a part has no name");
}

}  // namespace

std::vector<FormPart> form_parts(std::string_view content_type, std::string_view body,
                                 std::size_t most) {
  const std::string boundary = "--" + boundary_of(content_type);
  const std::string delimiter = "\r\n" + boundary;
  std::size_t at = body.starts_with(boundary) ? 0 : body.find(delimiter);
  if (at == std::string_view::npos) throw broken("the body does not begin with its boundary");
  at += at == 0 && body.starts_with(boundary) ? boundary.size() : delimiter.size();
  std::vector<FormPart> parts;
  while (!body.substr(at).starts_with("--")) {
    const std::size_t line = body.find("\r\n", at);
    if (line == std::string_view::npos || !trim(body.substr(at, line - at)).empty()) {
      throw broken("a boundary is not followed by a line's end");
    }
    const std::size_t end = body.find(delimiter, line);
    if (end == std::string_view::npos) throw broken("the last part has no end");
    const std::string_view part = body.substr(line, end - line);
    const std::size_t head = part.find("\r\n\r\n");
    if (head == std::string_view::npos || head > kLongestHead) {
      throw broken("a part has no end of its headers, or too long ones");
    }
    if (parts.size() == most) {
      throw Problem(413, "the form has too many parts").allowed("at most " + std::to_string(most));
    }
    FormPart& added = parts.emplace_back();
    if (head >= 2) read_head(part.substr(2, head - 2), added);
    if (head < 2) throw broken("a part has no headers");
    added.content = part.substr(head + 4);
    at = end + delimiter.size();
  }
  return parts;
}

}  // namespace fer::serve

// multipart/form-data (RFC 7578): the parts of a form with files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fer::serve {

struct FormPart {
  std::string name;      // of the field
  std::string filename;  // empty if the part is no file
  std::string type;      // its content type; may be empty
  std::string_view content;
};

// The parts are views into `body`. @throws Problem for a content type without a usable boundary, a
// body that does not begin or end with it, a part without a name, and more than `most` parts.
std::vector<FormPart> form_parts(std::string_view content_type, std::string_view body,
                                 std::size_t most);

}  // namespace fer::serve

// Parses the target of a request, and content types.
#pragma once

#include <string>
#include <string_view>

#include "fer/serve/exchange.h"

namespace fer::serve {

// "/v1/predict?top=3&model=a%20b" -> path and fields. @throws Problem for an invalid escape, a path
// that does not begin with '/', and more than 64 fields.
struct Target {
  std::string path;
  Fields query;
};
Target target_of(std::string_view text);

// The fields of application/x-www-form-urlencoded, in the form of a query.
Fields fields_of(std::string_view text);

// The media type "multipart/form-data" of 'Multipart/Form-Data; boundary="x"'; and the value of a
// parameter, which may be empty.
std::string media_type(std::string_view content_type);
std::string media_parameter(std::string_view content_type, std::string_view name);

}  // namespace fer::serve

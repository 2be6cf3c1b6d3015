// Requests written as clients write them and read back.
#include <string>
#include <vector>

#include "fer/serve/multipart.h"
#include "fer/serve/problem.h"
#include "fer/serve/query.h"
#include "support/properties.h"

namespace fer::serve {
namespace {

using test::any_bytes;
using test::for_all;

// Percent-encodes all but the unreserved characters of RFC 3986.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789aBcDeF";
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((letter >= 'a' && letter <= 'z') || letter == '-' || letter == '/') {
      encoded += letter;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

TEST_CASE("A path and its query are read as they were encoded", "[serve][unit]") {
  for_all([] {
    const std::string path = "/" + *any_bytes();
    Fields fields;
    std::string text = percent_encoded(path);
    const auto count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) {
      fields.emplace_back("k" + *any_bytes(), *any_bytes());
      text += (i == 0 ? "?" : "&") + percent_encoded(fields.back().first) + "=" +
              percent_encoded(fields.back().second);
    }
    const Target target = target_of(text);
    RC_ASSERT(target.path == path);
    RC_ASSERT(target.query == fields);
  });
}

TEST_CASE("The parts of a form are read as they were written, whatever bytes they hold",
          "[serve][unit]") {
  for_all([] {
    constexpr std::string_view kBoundary = "----never-in-what-follows-0123456789";
    std::vector<std::string> contents(*rc::gen::inRange<std::size_t>(1, 5));
    std::string body;
    for (std::size_t i = 0; i < contents.size(); ++i) {
      contents[i] =
          *any_bytes() + *rc::gen::element<std::string>("", "\r\n", "--", "\r\n--", "\r\n-----");
      body += "--" + std::string(kBoundary) + "\r\nContent-Disposition: form-data; name=\"f" +
              std::to_string(i) + "\"; filename=\"a b.jpg\"\r\n\r\n" + contents[i] + "\r\n";
    }
    body += "--" + std::string(kBoundary) + "--\r\n";
    const auto parts = form_parts("multipart/form-data; boundary=" + std::string(kBoundary), body,
                                  contents.size());
    RC_ASSERT(parts.size() == contents.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      RC_ASSERT((parts[i].name == "f" + std::to_string(i) && parts[i].filename == "a b.jpg"));
      RC_ASSERT(parts[i].content == contents[i]);
    }
  });
}

TEST_CASE("Any address is read or reported", "[serve][unit][bad-input]") {
  for_all([] {
    try {
      target_of("/" + *any_bytes());
    } catch (const Problem& problem) {
      RC_ASSERT(problem.status() == 400);
    }
  });
}

}  // namespace
}  // namespace fer::serve

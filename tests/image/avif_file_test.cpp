#include "fer/image/avif_file.h"

#include "fer/core/error.h"
#include "fer/image/image.h"
#include "image/exif_fixtures.h"
#include "support/catch.h"

namespace fer::image {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::avif_picture;
using test::save;
using test::TemporaryFolder;

TEST_CASE("an AVIF's orientation is that of its properties", "[image][unit]") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CHECK(avif_orientation(avif_picture(orientation)) == orientation);
  }
  const std::string whole = avif_picture(6);
  for (std::size_t n = 0; n < whole.size(); ++n) avif_orientation(whole.substr(0, n));
  CHECK(avif_orientation("words") == 1);
}

TEST_CASE("a mirrored and turned AVIF is mirrored about either axis", "[image][unit]") {
  // A turn by half, then about the other axis, comes to the same.
  std::string bytes = avif_picture(4);  // not turned, top and bottom change places
  bytes[bytes.find("irot") + 4] = 2;
  CHECK(avif_orientation(bytes) == 2);
  bytes[bytes.find("imir") + 4] = 1;
  CHECK(avif_orientation(bytes) == 4);
}

TEST_CASE("a broken AVIF is an error that names it", "[image][unit]") {
  const TemporaryFolder folder;
  const std::string path = save((folder / "short.avif").string(), avif_picture(1).substr(0, 250));
  CHECK_THROWS_MATCHES(read_image(path), Error,
                       MessageMatches(ContainsSubstring("short.avif: cannot be decoded")));
}

}  // namespace
}  // namespace fer::image

// The faces of the shared photos, which every network has to find.
#pragma once

#include <vector>

#include "detect/detector_fixtures.h"
#include "fer/detect/detector.h"
#include "fer/image/image.h"
#include "support/catch.h"

namespace fer::test {

// Checks that the detector finds exactly the six faces of three photos, upright.
inline void check_photo_faces(detect::Detector& detector) {
  const auto find = [&](const char* photo) {
    return detector.detect(image::read_image(*shared_photo(photo)));
  };
  const std::vector<detect::DetectedFace> one = find("one_face_480p.jpg");
  REQUIRE(one.size() == 1);
  CHECK(around(one[0].box, 442, 112, 145));

  const std::vector<detect::DetectedFace> two = find("two_faces.jpg");
  REQUIRE(two.size() == 2);
  CHECK(around(two[0].box, 313, 125, 195));
  CHECK(around(two[1].box, 864, 150, 205));

  const std::vector<detect::DetectedFace> three = find("three_faces.jpg");
  REQUIRE(three.size() == 3);
  CHECK(around(three[0].box, 424, 258, 120));
  CHECK(around(three[1].box, 617, 243, 120));
  CHECK(around(three[2].box, 851, 570, 90));
  for (const auto& faces : {one, two, three}) {
    for (const detect::DetectedFace& face : faces) CHECK(upright(face));
  }
}

}  // namespace fer::test

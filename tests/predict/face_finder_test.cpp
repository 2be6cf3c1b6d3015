#include "fer/predict/face_finder.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "fer/core/error.h"
#include "predict/frame_work_fixtures.h"
#include "support/catch.h"

namespace fer::predict {
namespace {

using test::open_new;
using test::picture_with;

// Fails like OpenCV's cascade on some odd pictures.
class FailingDetector final : public detect::Detector {
 public:
  std::vector<detect::DetectedFace> detect(const cv::Mat&) override {
    throw Error("cannot work on this");
  }
};

TEST_CASE("a picture that a detector cannot work on fails alone, by its name", "[predict][unit]") {
  FaceFinder find(open_new<FailingDetector>, 1, {});
  FrameWork work = picture_with(1, "odd.png");
  find.find(work);
  CHECK(work.prediction.frame.error == "odd.png: cannot work on this");
  CHECK(work.prediction.faces.empty());
  CHECK(work.crops.empty());
}

// With a fixed input, in which it sees no face of less than 20 pixels.
class SquareDetector final : public detect::Detector {
 public:
  std::vector<detect::DetectedFace> detect(const cv::Mat& bgr) override {
    seen.push_back(bgr.size());
    return {};
  }
  int input_side() const override { return 320; }
  int least_face(const cv::Size& picture) const override { return picture.width * 20 / 320; }

  static inline std::vector<cv::Size> seen;
};

TEST_CASE("a large still picture is searched in parts, a video's frame and a small one are not",
          "[predict][unit]") {
  const auto search = [](const cv::Size& size, bool moving, bool small_faces) {
    SquareDetector::seen.clear();
    FaceFinder find(open_new<SquareDetector>, 1, {.crop = {}, .small_faces = small_faces});
    FrameWork work;
    work.prediction.frame.image = test::plain_picture(size.width, size.height, 0);
    if (moving) work.prediction.frame.frames_per_second = 25.0;
    find.find(work);
    return std::pair(SquareDetector::seen.size(), work.least_face);
  };
  CHECK(FindOptions().small_faces);
  CHECK(search({4000, 3000}, false, true) == std::pair<std::size_t, int>(21, 65));
  CHECK(search({4000, 3000}, false, false) == std::pair<std::size_t, int>(1, 250));
  CHECK(search({4000, 3000}, true, true) == std::pair<std::size_t, int>(1, 250));
  CHECK(search({1000, 800}, false, true) == std::pair<std::size_t, int>(1, 62));
}

TEST_CASE("Of more faces than are wanted the surest are cut out, each in every cut",
          "[predict][unit]") {
  FaceFinder find(open_new<test::CountingDetector>, 1, {});
  const WantedFaces wanted = {.format = {24, 24, Colour::rgb},
                              .cuts = {{.format = {16, 20, Colour::rgb}, .margin = 1.5},
                                       {.format = {30, 30, Colour::grey}, .margin = 0.0}}};
  FrameWork work = picture_with(4, "four.png");
  CHECK(find.find(work, wanted, 3) == 1);
  REQUIRE(work.prediction.faces.size() == 3);  // the first one's score is the lowest
  CHECK(work.prediction.faces[0].box.x == 10);
  CHECK(work.prediction.faces[2].box.x == 30);
  CHECK(work.crops.size() == 3);
  CHECK(work.crops[2].bytes.size() == 24 * 24 * 3);
  REQUIRE(work.cuts.size() == 3);
  for (const FaceCuts& cuts : work.cuts) {
    REQUIRE(cuts.size() == 2);
    CHECK(cuts[0].size() == 16 * 20 * 3);
    CHECK(cuts[1].size() == 30 * 30);
  }
  FrameWork plain = picture_with(2, "two.png");
  CHECK(find.find(plain, {}, 3) == 0);
  CHECK(plain.crops.size() == 2);
  CHECK(plain.cuts.empty());
}

// Records how many threads call it at the same time, once two do.
class CrowdedDetector final : public detect::Detector {
 public:
  std::vector<detect::DetectedFace> detect(const cv::Mat&) override {
    std::unique_lock<std::mutex> lock(mutex);
    most = std::max(most, ++inside);
    changed.notify_all();
    changed.wait(lock, [] { return most == 2; });
    --inside;
    return {};
  }

  static inline std::mutex mutex;
  static inline std::condition_variable changed;
  static inline int inside = 0, most = 0;
};

TEST_CASE("As many frames are searched at once as there are detectors", "[predict][unit]") {
  FaceFinder find(open_new<CrowdedDetector>, 2, {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      FrameWork work = picture_with(1, "a.png");
      find.find(work);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(CrowdedDetector::most == 2);
}

}  // namespace
}  // namespace fer::predict

#include "fer/check/label_doubts.h"

#include "fer/data/synthetic_set.h"
#include "support/catch.h"
#include "support/recording_console.h"

namespace fer::check {
namespace {

// Stops the work at its first progress report, and keeps that.
class StoppingConsole final : public test::RecordingConsole {
 public:
  void progress(const Progress& progress) override {
    shown = progress;
    stop = true;
  }

  Progress shown;
};

TEST_CASE("Doubting labels counts images: done, a second, and for the time left", "[check][unit]") {
  StoppingConsole console;
  const data::FaceSet set = data::make_synthetic_set(400, 1);
  CHECK_FALSE(doubt_labels(set, 0, console, console.stop).has_value());
  const Progress& shown = console.shown;
  CHECK(shown.unit == "images");
  CHECK(shown.done == 10 * 64);     // told every tenth step
  CHECK(shown.total > set.size());  // each is seen in several epochs
  CHECK(shown.units_per_second * shown.seconds_left ==
        Approx(static_cast<double>(shown.total - shown.done)));
}

}  // namespace
}  // namespace fer::check

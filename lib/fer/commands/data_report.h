// `fer-data check --report`: everything the page of a data set shows, and the page.
#pragma once

#include "fer/commands/console.h"
#include "fer/commands/data_command.h"
#include "fer/data/data_check.h"
#include "fer/data/face_set.h"

namespace fer {

// Writes --report's page. With --doubts small networks are trained first (a minute or two for
// FER2013 on two cores), with --detector images are searched for faces; Ctrl-C leaves out what is
// not done. @throws fer::Error for a folder that cannot be written and a detector that is not there.
void report_data(const FaceSet& set, const DataCheck& check, const DataCheckOptions& options,
                 Console& console);

}  // namespace fer

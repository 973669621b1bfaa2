from hypothesis import settings

# a busy machine is no defect of the code
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")

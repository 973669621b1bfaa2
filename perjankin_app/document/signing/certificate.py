def sign(request):
	raise NotImplementedError

console.error('stub');
